import { keepingContract } from '#test/contracts/keeping.ts';
import { createMemoryStore } from '#test/support/memory-store.ts';

const memory = createMemoryStore();

keepingContract('memory', {
  reset: async () => memory.clear(),
  open: async () => memory.open(),
});
