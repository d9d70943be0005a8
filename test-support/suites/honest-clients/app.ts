/** What the servers of these suites answer: a module, since threads load it as well. */
export const HONEST_CLIENTS_APP = {
  module: new URL('../../apps/honest-clients.mjs', import.meta.url),
}
