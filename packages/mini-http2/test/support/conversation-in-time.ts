import { expect } from 'vitest'
import { Conversation } from './http2'

/*
 * Conversations with a clock that is set by the test.
 */

/** Short timeouts, and no PING by default. */
export const SHORT_LIMITS = {
  prefaceTimeout: 100,
  settingsTimeout: 200,
  headerBlockTimeout: 300,
  stalledResponseTimeout: 500,
  stalledRequestTimeout: 500,
  minDataRate: 250,
  idleTimeout: 10_000,
  keepAlive: Number.POSITIVE_INFINITY,
}

/** A conversation that began at 0, at time 1000. */
export function conversationAt1000(
  init: ConstructorParameters<typeof Conversation>[0] = {},
): Conversation {
  const conversation = new Conversation({ limits: SHORT_LIMITS, ...init })
  conversation.connection.tick(1000)
  return conversation
}

/**
 * Expects that nothing happens before a time and that it is the deadline. Returns the output at
 * that time.
 */
export function expectAt(
  conversation: Conversation,
  time: number,
): ReturnType<Conversation['take']> {
  const { connection } = conversation
  expect(connection.deadline).toBe(time)
  connection.tick(time - 1)
  expect(conversation.take()).toEqual([])
  connection.tick(time)
  return conversation.take()
}

/** Expects that a connection stays open and silent, whatever the time. */
export function expectNothingFor({ connection }: Conversation, milliseconds: number): void {
  connection.tick(milliseconds)
  expect(connection.state).toBe('open')
  expect(connection.takeOutput()).toBeUndefined()
}
