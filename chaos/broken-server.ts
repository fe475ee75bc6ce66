/**
 * The server with a hub that loses one event in a thousand on the way to a socket, and that keeps something of each for
 * ever, to see that the checks notice.
 */
import { Hub, type Subscriber } from '@confab/server/realtime/hub'

const LOST_OF = 1_000

const KEPT_BYTES = 65_536

const kept: Buffer[] = []
let delivered = 0
const wrappers = new WeakMap<Subscriber, Subscriber>()

function lossy(subscriber: Subscriber): Subscriber {
  const known = wrappers.get(subscriber)
  if (known) return known
  const wrapper: Subscriber = {
    onEvent(event) {
      delivered += 1
      kept.push(Buffer.alloc(KEPT_BYTES))
      if (delivered % LOST_OF !== 0) subscriber.onEvent(event)
    },
    onSignal: (...signal) => subscriber.onSignal(...signal),
    onLost: (topic, upTo) => subscriber.onLost(topic, upTo),
  }
  wrappers.set(subscriber, wrapper)
  return wrapper
}

const { subscribe, unsubscribe } = Hub.prototype
Hub.prototype.subscribe = function (topics, subscriber) {
  return subscribe.call(this, topics, lossy(subscriber))
}
Hub.prototype.unsubscribe = function (topic, subscriber) {
  unsubscribe.call(this, topic, lossy(subscriber))
}

await import('@confab/server/main')
