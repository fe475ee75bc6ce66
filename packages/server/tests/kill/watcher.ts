import { TestSocket } from '@confab/testkit/socket'
import { apiOf, type Community, type Message, type Room, readHistory } from './community.ts'

/** A client that follows one room: it connects, fetches what there is, and adds what its socket brings. */
export class Watcher {
  readonly room: Room
  readonly #socket: TestSocket
  readonly #fetched: readonly Message[]

  private constructor(room: Room, socket: TestSocket, fetched: readonly Message[]) {
    this.room = room
    this.#socket = socket
    this.#fetched = fetched
  }

  /** Connects as the room's last member. */
  static async connect(community: Community, url: string, room: Room): Promise<Watcher> {
    const person = room.people.at(-1) ?? 0
    const { token } = apiOf(community, url, person)
    const socket = await TestSocket.open(`${url.replace(/^http/, 'ws')}/ws/chat/${room.id}/?token=${token}`)
    return new Watcher(room, socket, await readHistory(community, url, room, person))
  }

  /** The messages that the socket brought, in the order in which they came. */
  told(): Message[] {
    return this.#socket.pending().flatMap((frame) => (frame.type === 'new_message' ? [frame.message as Message] : []))
  }

  /** What the client has on its screen: each message once, in the order of the room. */
  seen(): Message[] {
    const messages = new Map([...this.#fetched, ...this.told()].map((message) => [message.id, message]))
    return [...messages.values()].sort((one, other) => one.no - other.no)
  }

  close(): void {
    this.#socket.terminate()
  }
}
