import { html, type TemplateResult } from "lit";

export type Tab<Id> = { id: Id; name: string };

/** Returns the tab that a key moves to from `index`; undefined if the key isn't for tabs. */
function tabAfter(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (index + 1) % count;
    case "ArrowLeft":
      return (index + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** Renders a row of tabs with a single tab stop; arrow keys move between tabs. */
export function tabsTemplate<Id extends string | number>(
  label: string,
  tabs: readonly Tab<Id>[],
  selected: Id,
  panel: string,
  select: (id: Id) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent, index: number): void => {
    const { currentTarget } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = tabAfter(event.key, index, tabs.length);
    const tab = next === undefined ? undefined : tabs[next];
    if (next === undefined || !tab) return;
    event.preventDefault();
    if (currentTarget instanceof HTMLElement) {
      currentTarget.parentElement?.querySelectorAll<HTMLElement>("[role=tab]").item(next).focus();
    }
    select(tab.id);
  };
  return html`<div class="tabs" role="tablist" aria-label=${label}>
    ${tabs.map(
      ({ id, name }, index) =>
        html`<button
          role="tab"
          id="${panel}-tab-${id}"
          aria-selected=${id === selected}
          aria-controls=${panel}
          tabindex=${id === selected ? 0 : -1}
          @click=${() => select(id)}
          @keydown=${(event: KeyboardEvent) => onKey(event, index)}
        >
          ${name}
        </button>`,
    )}
  </div>`;
}
