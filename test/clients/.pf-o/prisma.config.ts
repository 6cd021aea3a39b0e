export default { schema: 'schema.prisma', migrations: { path: 'migrations' }, datasource: { url: 'postgresql://postgres:pw@127.0.0.1:6160/postgres?schema=bench_large' } };
