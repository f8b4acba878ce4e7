// A value that components watch (useSyncExternalStore) and that plain modules change.
export interface Watchable<T> {
  get(): T
  /** Calls back after every change; returns how to stop. */
  subscribe(listener: () => void): () => void
}

export interface Store<T> extends Watchable<T> {
  set(value: T): void
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(value, next)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
