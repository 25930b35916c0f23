// Sorts a table by the column whose heading is clicked; what is not stated stays last.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const number = (text) => {
    const found = text.match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x !== null && y !== null && x !== y) return x - y;
    return a.localeCompare(b, "en", { numeric: true });
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const text = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    // Dates sort as they are written in data-sort, names as words; the rest by the figures in it.
    const words = column === 0 || [...body.rows].some((row) => row.cells[column].dataset.sort);
    const open = (row) => text(row) === "not stated";
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        if (open(a) !== open(b)) return open(a) ? 1 : -1;
        const order = words ? text(a).localeCompare(text(b), "en", { numeric: true }) : compare(text(a), text(b));
        return down ? -order : order;
      });
      body.append(...rows);
    });
  });
}
