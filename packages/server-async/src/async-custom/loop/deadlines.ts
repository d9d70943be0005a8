/** Something that has to be looked at in time. */
export interface Due {
  /** When it stands to be looked at, in milliseconds; only {@link Deadlines} writes it. */
  dueAt: number
  /** Its place in the heap, -1 if it isn't there; only {@link Deadlines} writes it. */
  heapIndex: number
}

/**
 * The deadlines of all clients: a binary heap, the earliest first. A deadline that moves further away, as each
 * batch of octets moves an idle timeout, isn't moved here: it is found out when the earlier time comes. So a
 * busy client costs one comparison a turn, and an idle one nothing until its time comes.
 */
export class Deadlines<Item extends Due> {
  readonly #heap: Item[] = []

  /** When the first item has to be looked at, in milliseconds; Infinity without one. */
  get earliest(): number {
    return this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
  }

  /** The item has to be looked at no later than at `time`, in milliseconds. */
  schedule(item: Item, time: number): void {
    if (item.heapIndex >= 0) {
      if (time >= item.dueAt) return
    } else {
      if (time === Number.POSITIVE_INFINITY) return
      item.heapIndex = this.#heap.length
      this.#heap.push(item)
    }
    item.dueAt = time
    this.#rise(item)
  }

  /** Takes the first item whose time has come by `now`. */
  takeDue(now: number): Item | undefined {
    const first = this.#heap[0]
    if (first === undefined || first.dueAt > now) return undefined
    this.remove(first)
    return first
  }

  remove(item: Item): void {
    const index = item.heapIndex
    if (index < 0) return
    item.heapIndex = -1
    const last = this.#heap.pop()
    if (last === undefined || last === item) return
    this.#place(last, index)
    this.#sink(last)
    this.#rise(last)
  }

  #rise(item: Item): void {
    for (;;) {
      const index = item.heapIndex
      const parent = this.#heap[(index - 1) >> 1]
      if (index === 0 || parent === undefined || parent.dueAt <= item.dueAt) return
      this.#place(item, parent.heapIndex)
      this.#place(parent, index)
    }
  }

  #sink(item: Item): void {
    for (;;) {
      const index = item.heapIndex
      const left = this.#heap[index * 2 + 1]
      const right = this.#heap[index * 2 + 2]
      const child =
        left !== undefined && right !== undefined && right.dueAt < left.dueAt ? right : left
      if (child === undefined || child.dueAt >= item.dueAt) return
      this.#place(item, child.heapIndex)
      this.#place(child, index)
    }
  }

  #place(item: Item, index: number): void {
    this.#heap[index] = item
    item.heapIndex = index
  }
}
