/** Where answers can be put besides the clipboard: the notebook in front, where the host of the page has notebooks. */

export class Inserting {
  /** The notebook an answer would go into; null while none is open. */
  notebook: string | null = null;
  private readonly listeners = new Set<() => void>();

  /** `put` adds a Markdown cell under the active one. */
  constructor(readonly put: (markdown: string) => Promise<void>) {}

  /** Called by the host when another notebook comes to the front, or the last one is closed. */
  changed(notebook: string | null): void {
    this.notebook = notebook;
    this.listeners.forEach(listener => listener());
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
