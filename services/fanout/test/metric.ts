// What fanout counts, as monitoring reads it.

/** With its labels, as `ended_total{reason="stalled"}`; NaN while there is none. */
export async function readMetric(url: string, adminToken: string, name: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })
  const line = (await answer.text()).split('\n').find((each) => each.startsWith(`ronda_fanout_${name} `))
  return Number(line?.split(' ')[1])
}
