/**
 * Turns a function that loads many at once into one that loads one: what is asked for while a load is under way goes into
 * the next one together, so that the number of loads does not grow with the number of callers.
 *
 * @param load answers a value for each key, in their order; where it fails, all who asked for them fail
 */
export function batched<K, V>(load: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  type Waiting = { key: K; resolve: (value: V) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let isLoading = false

  const loadAll = async () => {
    isLoading = true
    // What the same turn of the event loop still asks for is taken along.
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await loadBatch(load, batch)
    }
    isLoading = false
  }
  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (!isLoading) void loadAll()
    })
}

async function loadBatch<K, V>(
  load: (keys: readonly K[]) => Promise<readonly V[]>,
  batch: readonly { key: K; resolve: (value: V) => void; reject: (error: unknown) => void }[],
): Promise<void> {
  try {
    const values = await load(batch.map((one) => one.key))
    if (values.length !== batch.length) throw new Error(`loaded ${values.length} values for ${batch.length} keys`)
    for (const [index, value] of values.entries()) batch[index]?.resolve(value)
  } catch (error) {
    for (const one of batch) one.reject(error)
  }
}
