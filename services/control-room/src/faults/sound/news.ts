// Which critical faults are news for the ear: each once while the page is open, and none of those that were there when
// the list was told.

export interface News {
  /** How many of these have not been heard of; undefined: the list is not told yet. */
  hear(ids: readonly string[] | undefined): number
}

export function createNews(): News {
  const heard = new Set<string>()
  let isTold = false
  return {
    hear(ids) {
      if (ids === undefined) {
        isTold = false
        return 0
      }
      const isFirst = !isTold
      isTold = true
      const fresh = ids.filter((id) => !heard.has(id))
      for (const id of fresh) heard.add(id)
      return isFirst ? 0 : fresh.length
    },
  }
}
