// "Try it": sends what the form says, with the token of this page, and shows what came back.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output");
    const headers = {};
    const token = document.getElementById("token").value.trim();
    if (token) headers["Authorization"] = "Bearer " + token;
    const area = form.querySelector("textarea");
    if (area) headers["Content-Type"] = "application/json";
    try {
      const answer = await fetch(form.elements.path.value, {
        method: form.dataset.method, headers, body: area ? area.value : undefined,
      });
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON: as it is */ }
      output.textContent = answer.status + " " + answer.statusText + "\n" + shown;
    } catch (error) {
      output.textContent = String(error);
    }
  });
}
