import { describe } from 'vitest'
import type { ServerStarter } from '../server-starter'
import { describeDownloads } from './honest-clients/downloads'
import { describeFirstFlight } from './honest-clients/first-flight'
import { describeRejectedUploads } from './honest-clients/rejected-uploads'
import { describeRequestFrames } from './honest-clients/request-frames'
import { describeRequestHeads } from './honest-clients/request-heads'
import { describeStuckClients } from './honest-clients/stuck-clients'

/**
 * Traffic of real clients that limits must not end: many cheap frames, or frames that look suspicious. For every
 * implementation of the protocol `http2`.
 */
export function describeHonestClients(starter: ServerStarter): void {
  describe(`honest clients of ${starter.name}`, () => {
    describeDownloads(starter)
    describeFirstFlight(starter)
    describeRequestFrames(starter)
    describeRejectedUploads(starter)
    describeRequestHeads(starter)
    describeStuckClients(starter)
  })
}
