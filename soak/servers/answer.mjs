/**
 * @param {string} path such as `/answer?octets=1000`
 * @returns {number} how long its answer has to be
 */
export function octetsOf(path) {
  return Number(new URLSearchParams(path.split('?')[1]).get('octets') ?? 64)
}

/**
 * @param {import('node:crypto').Hash} hash of the request
 * @param {number} length in octets
 * @returns {Buffer} its digest again and again
 */
export function answerFrom(hash, length) {
  return Buffer.alloc(length, hash.digest('hex'), 'latin1')
}
