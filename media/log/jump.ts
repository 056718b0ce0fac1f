import { bringNear } from "../kit/nearness.ts";

/** Goes to a part by its id, wherever it is, and gives it the focus. */
export function goToPart(id: string): void {
  const article = document.getElementById(id.slice(0, id.indexOf(".")));
  if (!article) return;
  bringNear(article);
  const part = [...article.querySelectorAll<HTMLElement>("[data-part]")].find(({ dataset }) => dataset["part"] === id);
  part?.focus({ preventScroll: true });
  part?.scrollIntoView({ block: "center" });
}
