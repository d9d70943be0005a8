import { join } from 'node:path'
import { BODY, CONTENT_TYPE } from './answer'
import {
  type ExternalProgram,
  HOST,
  MANY_CONNECTIONS,
  MANY_STREAMS,
  type ProgramSetup,
  UNREACHED,
} from './external-program'

/** nginx: https://nginx.org/en/docs/. */
export const nginx: ExternalProgram = {
  name: 'nginx',
  title: 'nginx, in C; answers from its configuration',
  debianPackage: 'nginx',
  version: { argument: '-v', pattern: /nginx\/(\S+)/ },
  configure: (setup) => ({
    arguments: [
      // Before it has read its configuration, it would log to a system file.
      ...(isSince(setup, 1, 19, 5) ? ['-e', 'stderr'] : []),
      ...['-p', setup.folder, '-c', join(setup.folder, 'nginx.conf')],
    ],
    files: { 'nginx.conf': configuration(setup) },
  }),
}

/** Folders for each kind of upstream, which nginx always creates at startup. */
const TEMPORARY_FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

function configuration(setup: ProgramSetup): string {
  const { folder, user } = setup
  const file = (name: string) => quoted(join(folder, name))
  return `daemon off;
master_process on;
worker_processes 1;
${user === undefined ? '' : `user ${quoted(user)};`}
pid ${file('nginx.pid')};
error_log stderr error;
events {
  worker_connections ${MANY_CONNECTIONS};
}
http {
  access_log off;
  ${TEMPORARY_FOLDERS.map((name) => `${name}_temp_path ${file(name)};`).join('\n  ')}
  keepalive_requests ${UNREACHED};
  ${isSince(setup, 1, 19, 7) ? '' : `http2_max_requests ${UNREACHED};`}
  keepalive_timeout 1d;
  http2_max_concurrent_streams ${MANY_STREAMS};
  server {
    ${listen(setup).join('\n    ')}
    location = / {
      default_type ${quoted(CONTENT_TYPE)};
      return 200 ${quoted(BODY)};
    }
  }
}
`
}

function listen(setup: ProgramSetup): string[] {
  const { port, tls } = setup
  const address = `${HOST}:${port}${tls === undefined ? '' : ' ssl'}`
  return [
    ...(isSince(setup, 1, 25, 1)
      ? [`listen ${address};`, 'http2 on;']
      : [`listen ${address} http2;`]),
    ...(tls === undefined
      ? []
      : [
          `ssl_certificate ${quoted(tls.certFile)};`,
          `ssl_certificate_key ${quoted(tls.keyFile)};`,
          // The order of OpenSSL, as with the other servers.
          'ssl_prefer_server_ciphers on;',
          // The default did not include 1.3 until 1.23.4.
          'ssl_protocols TLSv1.2 TLSv1.3;',
        ]),
  ]
}

/** Whether the version is at least this one: https://nginx.org/en/CHANGES. */
function isSince({ version }: ProgramSetup, ...since: [number, number, number]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10))
  const different = since.findIndex((part, index) => part !== parts[index])
  return different === -1 || (parts[different] ?? 0) > since[different]!
}

/** Quotes a string for the configuration. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
}
