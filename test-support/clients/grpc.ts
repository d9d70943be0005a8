import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { devTls } from '@h2lab/tls-context'

/** A client of gRPC whose messages are octets as they are, without a schema. */
export interface GrpcClient {
  /** Calls a method with one message and returns the one that answers. */
  unary(path: string, message: Buffer): Promise<Buffer>
  /** Calls a method with a stream of messages and returns all that answer. */
  stream(path: string, messages: readonly Buffer[]): Promise<Buffer[]>
  close(): void
}

/** Connects to a server whose certificate is the development one, or that has no TLS. */
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
