import { describeBuiltPackage } from '../../../test-support/built-package'

describeBuiltPackage(import.meta.url)
