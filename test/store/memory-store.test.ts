import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { conformance } from './conformance.js';

conformance({
  name: 'memory',
  durable: false,
  open: async () => new MemoryStore(),
  reopen: async (store) => store,
  cleanUp: async () => {},
});
