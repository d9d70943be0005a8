/*
 * Which way imports go: the arrows between packages, and no circles inside of them.
 */

/** What each package may import of the others. */
const ARROWS = {
  octets: [],
  'mini-http2': ['octets'],
  'tls-context': ['octets'],
  'server-sync': ['octets', 'mini-http2', 'tls-context'],
  'server-async': ['octets', 'mini-http2', 'tls-context'],
  'server-uws': ['octets', 'mini-http2', 'tls-context'],
  measure: ['octets', 'mini-http2', 'tls-context', 'server-sync', 'server-async', 'server-uws'],
}
const ALL = Object.keys(ARROWS)

const arrowRules = ALL.map((name) => {
  const others = ALL.filter((other) => other !== name && !ARROWS[name].includes(other))
  return {
    name: `arrows-of-${name}`,
    comment: `${name} imports ${ARROWS[name].join(', ') || 'no other package'}.`,
    severity: 'error',
    from: { path: `^packages/${name}/src/` },
    to: { path: `(^|/)(packages|@h2lab)/(${others.join('|')})(/|$)` },
  }
})

module.exports = {
  forbidden: [
    ...arrowRules,
    {
      name: 'no-circle',
      comment:
        'Two files that import each other, directly or not, are one topic, or one of them knows too much.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { circular: true },
    },
    {
      name: 'no-way-up-in-http2',
      comment:
        'In the protocol http2 streams and limits know nothing of the frames that are received and sent, and the core nothing of those who use it.',
      severity: 'error',
      from: {
        path: '^packages/mini-http2/src/http2/(streams/|limits/|connection-core|flow-control|going-away|settings|owner-call)',
      },
      to: {
        path: '^packages/mini-http2/src/http2/(receive/|request/|response/|send/bodies|stream-ends|deadlines|http2-connection)',
      },
    },
    {
      name: 'declared',
      comment: 'What a package imports stands in its dependencies.',
      severity: 'error',
      // Frameworks that are compared are loaded where they are installed.
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/measure/src/peers/node/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'own-doors',
      comment: 'Other packages are imported by their names, not by the paths of their files.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/[^/]+/src/', pathNot: '^packages/$1/src/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
