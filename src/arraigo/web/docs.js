// "Try it": sends what the form says, with the token of this page, and shows what came back.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output");
    const headers = {};
    const token = document.getElementById("token").value.trim();
    if (token) headers["Authorization"] = "Bearer " + token;
    const area = form.querySelector("textarea");
    const fields = form.querySelectorAll("[data-field]");
    let body = area ? area.value : undefined;
    if (area) headers["Content-Type"] = "application/json";
    if (fields.length) {
      body = new FormData();
      for (const field of fields) body.append(field.dataset.field, field.files ? field.files[0] : field.value);
    }
    try {
      const answer = await fetch(form.elements.path.value, {
        method: form.dataset.method, headers, body,
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
