import { join } from 'node:path'
import { BODY, CONTENT_TYPE } from './answer'
import { type ExternalProgram, HOST, MANY_STREAMS } from './external-program'

/** The server of the nghttp2 project: nghttpd(1). */
export const nghttpd: ExternalProgram = {
  name: 'nghttpd',
  title: 'the server of nghttp2, in C++ on its C library; serves files',
  debianPackage: 'nghttp2-server',
  version: { argument: '--version', pattern: /nghttp2\/(\S+)/ },
  configure: ({ folder, port, tls }) => ({
    arguments: [
      '--workers=1',
      `--address=${HOST}`,
      `--max-concurrent-streams=${MANY_STREAMS}`,
      `--htdocs=${join(folder, 'htdocs')}`,
      `--mime-types-file=${join(folder, 'mime.types')}`,
      ...(tls === undefined
        ? ['--no-tls', String(port)]
        : [String(port), tls.keyFile, tls.certFile]),
    ],
    files: {
      // The file for GET /.
      'htdocs/index.html': BODY,
      // Spaces separate types from file extensions, so a type can't contain any.
      'mime.types': `${CONTENT_TYPE.replace(' ', '')} html\n`,
    },
  }),
}
