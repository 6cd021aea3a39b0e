export default { schema: 'schema.prisma', migrations: { path: 'migrations' }, datasource: { url: 'postgresql://postgres:pw@127.0.0.1:46757/postgres?schema=bench_large' } };
