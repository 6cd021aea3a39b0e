// Law: imports run downwards only (ARCHITECTURE.md, "Rooms"). A room may import itself and the rooms listed before it.
const ROOMS = ['commons', 'types', 'store', 'transaction', 'catalog', 'planner', 'executor', 'notify', 'session'];

const upward = ROOMS.map((room, i) => ({
  name: `${room}-imports-downwards`,
  severity: 'error',
  comment: `${room} may import ${ROOMS.slice(0, i + 1).join(', ')} only`,
  from: { path: `^src/${room}/` },
  // The session fulfils the port that wire declares: it sees that one file of wire.
  to: { path: '^src/', pathNot: [`^src/(${ROOMS.slice(0, i + 1).join('|')})/`, ...(room === 'session' ? ['^src/wire/'] : [])] },
}));

export default {
  forbidden: [
    ...upward,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'wire-knows-types-only',
      severity: 'error',
      from: { path: '^src/wire/' },
      to: { path: '^src/', pathNot: '^src/(wire|types|commons)/' },
    },
    {
      name: 'storage-libraries-in-their-adapter',
      severity: 'error',
      comment: 'law 1: only src/store/<engine>/ imports a storage library',
      from: { path: '^src/', pathNot: '^src/store/lmdb/' },
      to: { path: 'node_modules/lmdb' },
    },
    { name: 'server-is-imported-by-main-only', severity: 'error', from: { path: '^src/', pathNot: '^src/main\\.ts$' }, to: { path: '^src/server\\.ts$' } },
    { name: 'main-is-imported-by-nobody', severity: 'error', from: { path: '^src/' }, to: { path: '^src/main\\.ts$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'], extensions: ['.ts', '.js'] },
  },
};
