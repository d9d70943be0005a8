import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { devTls } from '@h2lab/tls-context'

/** A gRPC client whose messages are plain octets, without a schema. */
export interface GrpcClient {
  /** Calls a method with one message and returns the response. */
  unary(path: string, message: Buffer): Promise<Buffer>
  /** Calls a method with a stream of messages and returns all responses. */
  stream(path: string, messages: readonly Buffer[]): Promise<Buffer[]>
  close(): void
}

/** Connects to a server with the development certificate or without TLS. */
export async function grpcClient(url: string): Promise<GrpcClient> {
  const { protocol, host } = new URL(url)
  const client = new Client(
    host,
    protocol === 'https:'
      ? credentials.createSsl(Buffer.from((await devTls()).cert))
      : credentials.createInsecure(),
  )
  return {
    unary: (path, message) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, asIs, asIs, message, (error: ServiceError | null, answer) => {
          if (error !== null) reject(error)
          else resolve(answer!)
        })
      }),
    stream: (path, messages) =>
      new Promise((resolve, reject) => {
        const call = client.makeBidiStreamRequest(path, asIs, asIs)
        const answers: Buffer[] = []
        call.on('data', (answer: Buffer) => answers.push(answer))
        call.on('error', reject)
        call.on('end', () => resolve(answers))
        for (const message of messages) call.write(message)
        call.end()
      }),
    close: () => client.close(),
  }
}

function asIs(octets: Buffer): Buffer {
  return octets
}
