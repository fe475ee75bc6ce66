import Type, { type Static, type TObject, type TProperties } from 'typebox'

/** Where an event is told: to everyone in a room, or to one person on all their devices. */
export type TopicKind = 'room' | 'user'

/** A stream of events with a gapless sequence of its own, for example `room:12` or `user:7`. */
export type Topic = `${TopicKind}:${number}`

/** Makes the topic of a room or a person. */
export function topicOf(kind: TopicKind, id: number): Topic {
  return `${kind}:${id}`
}

/** The kind and id of a topic. Only topics made by `topicOf` are ever passed in. */
export function parseTopic(topic: Topic): { kind: TopicKind; id: number } {
  const colon = topic.indexOf(':')
  return { kind: topic.startsWith('room') ? 'room' : 'user', id: Number(topic.slice(colon + 1)) }
}

/** A durable fact: committed with its change, numbered in its topic, delivered in order and once. */
export type EventDefinition<Name extends string = string, Data extends TObject = TObject> = Readonly<{
  name: Name
  durable: true
  topic: TopicKind
  data: Data
}>

/** A passing state (typing, presence, receipts): not logged, may be coalesced or dropped; a later one replaces it. */
export type SignalDefinition<Name extends string = string, Data extends TObject = TObject> = Readonly<{
  name: Name
  durable: false
  topic: TopicKind
  data: Data
}>

/** Declares a durable event, named `noun.past_tense`. */
export function defineEvent<const Name extends string, P extends TProperties>(
  name: Name,
  where: { topic: TopicKind },
  data: P,
): EventDefinition<Name, TObject<P>> {
  return Object.freeze({ name, durable: true, topic: where.topic, data: Type.Object(data) })
}

/** Declares an ephemeral signal. */
export function defineSignal<const Name extends string, P extends TProperties>(
  name: Name,
  where: { topic: TopicKind },
  data: P,
): SignalDefinition<Name, TObject<P>> {
  return Object.freeze({ name, durable: false, topic: where.topic, data: Type.Object(data) })
}

/** The data of an event or signal, as it is on the wire. */
export type DataOf<D extends { data: TObject }> = Static<D['data']>
