// While the server is busy with a file: what it does, and that it takes a while.
export function Working({ title, meaning }: { title: string; meaning: string }) {
  return (
    <div className="import-working" role="status">
      <span className="import-bar" aria-hidden="true" />
      <h3>{title}</h3>
      <p>{meaning}</p>
    </div>
  )
}
