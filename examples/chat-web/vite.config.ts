import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  plugins: [react()],
  // Here from its sources; in an application of yours it is in the package kalamdb.
  resolve: { alias: { 'kalamdb/live': `${repository}src/client/live.ts` } },
  server: { fs: { allow: [repository] } },
});
