import { describe } from 'vitest'
import type { ServerStarter } from '../server-starter'
import { describeDownloads } from './honest-clients/downloads'
import { describeFirstFlight } from './honest-clients/first-flight'
import { describeRejectedUploads } from './honest-clients/rejected-uploads'
import { describeRequestFrames } from './honest-clients/request-frames'
import { describeRequestHeads } from './honest-clients/request-heads'
import { describeStuckClients } from './honest-clients/stuck-clients'

/**
 * Traffic that real clients send and that limits must not end: much of what is cheap, or seldom what it
 * seems. Every implementation of the protocol `http2` has to pass.
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
