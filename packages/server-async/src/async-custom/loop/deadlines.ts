/** An item with a deadline. */
export interface Due {
  /** When it is scheduled, in milliseconds. Only {@link Deadlines} writes it. */
  dueAt: number
  /** Its index in the heap, -1 if it is not in it. Only {@link Deadlines} writes it. */
  heapIndex: number
}

/**
 * The deadlines of all clients: a binary heap, earliest first. A deadline that moves later, as an idle timeout does
 * with each batch, does not move in the heap. This is noticed when the earlier time comes. A busy client therefore
 * costs one comparison per turn, and an idle one nothing until its deadline.
 */
export class Deadlines<Item extends Due> {
  readonly #heap: Item[] = []

  /** When the first item is due, in milliseconds. Infinity if there is none. */
  get earliest(): number {
    return this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
  }

  /** Schedules the item for `time` at the latest, in milliseconds. */
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

  /** Removes and returns the first item that is due at `now`. */
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
