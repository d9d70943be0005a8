import { describeReadmeExamples } from '../../../test-support/readme-examples'

describeReadmeExamples(import.meta.url)
