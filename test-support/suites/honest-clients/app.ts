/** The application of the servers of these suites. A module, because threads load it as well. */
export const HONEST_CLIENTS_APP = {
  module: new URL('../../apps/honest-clients.mjs', import.meta.url),
}
