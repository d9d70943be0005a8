import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import { devTls } from '../dist/index.js'
import {
  acceptClient,
  clearEvent,
  closeDescriptor,
  connectSocket,
  createEventDescriptor,
  createSocket,
  EpollSet,
  HANDSHAKE_DONE,
  listenOn,
  localAddress,
  MemoryTlsConnection,
  NativeOctets,
  NativeTlsContext,
  POLL_IN,
  PollSet,
  readSocket,
  signalEvent,
  writeSocket,
} from '../dist/native.js'

/*
 * What calls of ./native cost, in nanoseconds of one thread.
 *
 *   node bench/native.bench.mjs          a line for each case
 *   node bench/native.bench.mjs --json   the same as one JSON object, nanoseconds by case
 */

/**
 * Each case is measured in rounds so short that some of them are not interrupted, and the fastest is
 * taken: whatever else the machine does only makes a round slower.
 */
const ROUNDS = 200
const CALLS_IN_ROUND = 200

const results = {}

const report = (name, nanoseconds) => {
  results[name] = Math.round(nanoseconds)
  if (process.argv.includes('--json')) return
  console.log(`${name.padEnd(64)} ${String(results[name]).padStart(8)} ns`)
}

/** Calls a function for ROUNDS rounds, after as many to warm up; nanoseconds for a call of the fastest. */
const measure = (name, call, rounds = ROUNDS, calls = CALLS_IN_ROUND) => {
  let fastest = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds * 2; round++) {
    const start = process.hrtime.bigint()
    for (let index = 0; index < calls; index++) call()
    const time = Number(process.hrtime.bigint() - start) / calls
    if (round >= rounds) fastest = Math.min(fastest, time)
  }
  report(name, fastest)
}

await socketCalls()
await tlsCalls('')
await tlsCalls(', buffers kept')
await handshakes()
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))

async function socketCalls() {
  const listener = listenOn({ address: '127.0.0.1', port: 0 })
  const address = localAddress(listener)
  const client = createSocket(address)
  connectSocket(client, address)
  const server = acceptClient(listener, 'non-blocking')
  const room = Buffer.alloc(16_384)
  const small = Buffer.alloc(100)
  const events = createEventDescriptor()

  measure('readSocket, nothing there', () => readSocket(server, room))
  const nativeRoom = new NativeOctets(16_384)
  const nativeSmall = new NativeOctets(100)
  measure('writeSocket and readSocket, 100 octets', () => {
    writeSocket(client, small)
    readSocket(server, room)
  })
  measure('the same with NativeOctets', () => {
    writeSocket(client, nativeSmall)
    readSocket(server, nativeRoom)
  })
  for (const count of [2, 100]) {
    const set = new PollSet(count)
    for (let index = 0; index < count; index++) set.set(index, server, POLL_IN)
    set.length = count
    measure(`PollSet.wait, ${count} descriptors, nothing reported`, () => set.wait(0))
  }
  const set = new EpollSet(64)
  set.add(server, POLL_IN)
  set.add(client, POLL_IN)
  measure('EpollSet.wait, nothing reported', () => set.wait(0))
  writeSocket(client, small)
  measure('EpollSet.wait, one event, looked at', () => {
    set.wait(0)
    return set.descriptor(0) + set.reported(0)
  })
  measure('EpollSet.modify', () => set.modify(client, POLL_IN))
  measure('signalEvent and clearEvent', () => {
    signalEvent(events)
    clearEvent(events)
  })
  measure(
    'acceptClient, connectSocket, closeDescriptor of both',
    () => {
      const descriptor = createSocket(address)
      connectSocket(descriptor, address)
      closeDescriptor(acceptClient(listener))
      closeDescriptor(descriptor)
    },
    20,
    50,
  )
  set.close()
  for (const descriptor of [client, server, listener, events]) closeDescriptor(descriptor)
}

/** A client by node:tls whose socket is a TLS connection over memory. */
async function connectInMemory(context, session) {
  const connection = new MemoryTlsConnection(context)
  const room = Buffer.alloc(65_536)
  const spent = { handshake: 0n }
  const captured = []
  let capturing = false
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      if (capturing) captured.push(chunk)
      else {
        connection.feed(chunk)
        const start = process.hrtime.bigint()
        const result = connection.handshake()
        spent.handshake += process.hrtime.bigint() - start
        const count = connection.take(room)
        if (count > 0) socket.push(Buffer.from(room.subarray(0, count)))
        if (result === HANDSHAKE_DONE) capturing = true
      }
      done()
    },
  })
  const client = connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'], session })
  const made = once(client, 'session')
  client.on('data', () => {})
  await once(client, 'secureConnect')
  const [ticket] = session === undefined ? await made : [session]
  return { client, connection, captured, ticket, handshake: Number(spent.handshake) }
}

async function tlsCalls(variant) {
  const context = new NativeTlsContext(await devTls())
  const { client, connection, captured } = await connectInMemory(context)
  if (variant !== '') connection.keepBuffers()
  const room = Buffer.alloc(16_384)
  for (const octets of [100, 16_384]) {
    const calls = octets === 100 ? CALLS_IN_ROUND : 20
    const rounds = octets === 100 ? ROUNDS : 20
    const data = Buffer.alloc(octets)
    const encrypted = Buffer.alloc(32_768)
    const name = `${octets.toLocaleString('en')} octets${variant}`
    measure(
      `TLS write and take, ${name}`,
      () => {
        connection.write(data)
        connection.take(encrypted)
      },
      rounds,
      calls,
    )
    captured.length = 0
    for (let record = 0; record < rounds * 2 * calls; record++) {
      // One after the other, for what waits together would become one record.
      await new Promise((done) => client.write(data, done))
    }
    const records = Buffer.concat(captured)
    const length = records.length / (rounds * 2 * calls)
    let offset = 0
    measure(
      `TLS feed and read, ${name}`,
      () => {
        connection.feed(records.subarray(offset, offset + length))
        offset += length
        if (connection.read(room) !== octets) throw new Error('A record got lost.')
      },
      rounds,
      calls,
    )
  }
  measure(`TLS read, nothing there${variant}`, () => connection.read(room))
  if (variant === '') {
    measure('pendingInput', () => connection.pendingInput)
    measure('releaseMemory', () => connection.releaseMemory())
  }
  client.destroy()
  connection.free()
  context.free()
}

async function handshakes() {
  const credentials = await devTls()
  measure('new NativeTlsContext and free', () => new NativeTlsContext(credentials).free(), 5, 4)
  const context = new NativeTlsContext(credentials)
  measure('new MemoryTlsConnection and free', () => new MemoryTlsConnection(context).free(), 20, 50)
  const fastest = async (session) => {
    let time = Number.POSITIVE_INFINITY
    let ticket
    for (let round = 0; round < 100; round++) {
      const made = await connectInMemory(context, session)
      time = Math.min(time, made.handshake)
      ticket = made.ticket
      made.client.destroy()
      made.connection.free()
    }
    return { time, ticket }
  }
  const full = await fastest()
  report('handshake, P-256, TLS 1.3, calls of the server', full.time)
  report('handshake, resumed', (await fastest(full.ticket)).time)
  context.free()
}
