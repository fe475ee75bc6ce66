/**
 * Loaded into a server of the run before its program: tells how much it holds when it is asked. Plain JavaScript: each server
 * that starts would else first load what takes the types out of this file.
 */
import { Session } from 'node:inspector/promises'
import { isMainThread } from 'node:worker_threads'

/** Bytes that the server still holds after all garbage was collected: on the heap, and in buffers outside of it. */
async function readHeap() {
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.collectGarbage')
  session.disconnect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

if (isMainThread && process.send) {
  process.on('message', async () => process.send?.(await readHeap()))
  // The server ends when it has nothing else to do, as it does without this.
  process.channel?.unref()
}
