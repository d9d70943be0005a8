import { describeReadmeExamples } from '../../../test-support/readme-examples'
import { describeWithUws } from './support/describe-with-uws'

describeWithUws('uws', () => describeReadmeExamples(import.meta.url, '1.1'))
