import { describeErrorClasses } from '../../../../test-support/suites/error-classes-suite'
import { asyncCustom } from '../../src'

describeErrorClasses(asyncCustom)
