import type { ServerSetup } from './dispatch-method'
import { UnsupportedServerSetupError } from './errors'
import { combinationName } from './implementation-name'

/**
 * The error for an option that a dispatch method doesn't support.
 *
 * @param setup the requested setup
 * @param option the path of the option, such as `tls.ciphers`
 * @param alternative what to use instead
 */
export function unsupportedOption(
  { implementation, tls }: Pick<ServerSetup<string>, 'implementation' | 'tls'>,
  option: string,
  alternative: string,
): UnsupportedServerSetupError {
  return new UnsupportedServerSetupError(
    `The option ${option} of ${combinationName(implementation, tls !== undefined)}`,
    `${implementation} cannot honour it`,
    alternative,
  )
}
