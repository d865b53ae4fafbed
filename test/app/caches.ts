// CacheStorage in memory, as far as the service worker uses it.

export function createCaches(): CacheStorage {
  const all = new Map<string, Map<string, Response>>();
  const cacheOf = (files: Map<string, Response>) => ({
    match: async (path: string) => files.get(path)?.clone(),
    put: async (path: string, answer: Response) => void files.set(path, answer.clone()),
  });
  return {
    async open(name: string) {
      if (!all.has(name)) all.set(name, new Map());
      return cacheOf(all.get(name)!);
    },
    keys: async () => [...all.keys()],
    delete: async (name: string) => all.delete(name),
  } as unknown as CacheStorage;
}
