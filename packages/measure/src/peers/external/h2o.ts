import { join } from 'node:path'
import { BODY, CONTENT_TYPE } from './answer'
import { type ExternalProgram, HOST, MANY_CONNECTIONS, MANY_STREAMS } from './external-program'

/** Longer than any trial, in seconds. */
const IDLE_TIME = 86_400

/**
 * The server of the H2O project: https://h2o.examp1e.net/configure.html. It processes as many concurrent requests of
 * a connection as configured, but always announces 100 to clients (at least up to 2.2), so no client has more in
 * flight.
 */
export const h2o: ExternalProgram = {
  name: 'h2o',
  title: 'the server of the H2O project, in C; serves files',
  debianPackage: 'h2o',
  version: { argument: '--version', pattern: /h2o version (\S+)/ },
  configure: (setup) => ({
    arguments: ['--mode', 'worker', '--conf', join(setup.folder, 'h2o.conf')],
    // JSON is YAML.
    files: {
      'h2o.conf': JSON.stringify(configuration(setup), undefined, 2),
      'htdocs/index.txt': BODY,
    },
  }),
}

function configuration({ folder, port, tls, user }: Parameters<ExternalProgram['configure']>[0]) {
  return {
    ...(user === undefined ? {} : { user }),
    'num-threads': 1,
    'max-connections': MANY_CONNECTIONS,
    'pid-file': join(folder, 'h2o.pid'),
    'http2-max-concurrent-requests-per-connection': MANY_STREAMS,
    'http2-idle-timeout': IDLE_TIME,
    listen: {
      host: HOST,
      port,
      ...(tls === undefined
        ? {}
        : {
            ssl: {
              'certificate-file': tls.certFile,
              'key-file': tls.keyFile,
              // The order of OpenSSL, as with the other servers.
              'cipher-preference': 'server',
              // It would ask the authority of the certificate, which does not exist.
              'ocsp-update-interval': 0,
            },
          }),
    },
    hosts: {
      default: {
        paths: {
          '/': {
            'file.dir': join(folder, 'htdocs'),
            'file.index': ['index.txt'],
            'file.mime.settypes': { [CONTENT_TYPE]: '.txt' },
          },
        },
      },
    },
  }
}
