import { describeVanishingClients } from '../../../test-support/suites/vanishing-client-suite'
import { describeWithUws } from './support/describe-with-uws'
import { UWS_STARTERS } from './support/starters'

describeWithUws('uws', () => {
  for (const starter of UWS_STARTERS) describeVanishingClients(starter)
})
