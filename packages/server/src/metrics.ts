import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Values of one metric by the value of a label, read when they are asked for. */
type Labelled = Readonly<{ label: string; read: () => Iterable<[string, number]> }>

/**
 * What a server counts, for Prometheus. What can be read off when it is asked for (sockets, queues) is not counted along
 * the way but given to `watch` or `watchTotal`, and costs nothing until then.
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #makes = { registers: [this.registry] }
  #hasProcess = false

  /** How many messages one statement stored. */
  readonly batchSize = new Histogram({
    ...this.#makes,
    name: 'confab_message_batch_size',
    help: 'Messages stored by one statement',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  })

  /** How long that took, its commit included. */
  readonly commitSeconds = new Histogram({
    ...this.#makes,
    name: 'confab_message_commit_seconds',
    help: 'Time to store and commit a batch of messages',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  })

  /** Answers to requests by route, as it is declared and not as it was called, so that there are few. */
  readonly requestSeconds = new Histogram({
    ...this.#makes,
    name: 'confab_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  })

  /** Clients that came back to the gateway and were told what they had missed. */
  readonly replays = new Counter({ ...this.#makes, name: 'confab_replays_total', help: 'Sockets that resumed' })

  readonly replayedEvents = new Counter({
    ...this.#makes,
    name: 'confab_replayed_events_total',
    help: 'Events told again to sockets that resumed',
  })

  /** Topics of which a client that came back had to fetch the state. */
  readonly resyncs = new Counter({
    ...this.#makes,
    name: 'confab_resyncs_total',
    help: 'Topics that could not be replayed to a socket that resumed',
  })

  constructor(nodeId: string) {
    this.registry.setDefaultLabels({ node: nodeId })
  }

  /** A value that goes up and down, read when it is asked for. */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      ...this.#makes,
      name,
      help,
      collect() {
        this.set(read())
      },
    })
  }

  /** Values that go up and down, one for each value of a label. */
  watchEach(name: string, help: string, labelled: Labelled): void {
    const { label, read } = labelled
    new Gauge({
      ...this.#makes,
      name,
      help,
      labelNames: [label],
      collect() {
        this.reset()
        for (const [value, amount] of read()) this.set({ [label]: value }, amount)
      },
    })
  }

  /** A value that only grows, read when it is asked for. */
  watchTotal(name: string, help: string, read: () => number): void {
    new Counter({
      ...this.#makes,
      name,
      help,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }

  /** Values that only grow, one for each value of a label. */
  watchTotals(name: string, help: string, labelled: Labelled): void {
    const { label, read } = labelled
    new Counter({
      ...this.#makes,
      name,
      help,
      labelNames: [label],
      collect() {
        this.reset()
        for (const [value, count] of read()) this.inc({ [label]: value }, count)
      },
    })
  }

  /** Everything in the text format of Prometheus. The process's own numbers are taken from the first time on. */
  async toText(): Promise<string> {
    if (!this.#hasProcess) collectDefaultMetrics({ register: this.registry })
    this.#hasProcess = true
    return this.registry.metrics()
  }
}
