const specs = JSON.parse(document.getElementById("specs").textContent);
specs.forEach((spec, number) => {
  const live = document.getElementById(`chart-${number}`);
  const still = live.previousElementSibling;
  vegaEmbed(live, spec, { actions: false, renderer: "svg" }).then(() => {
    live.setAttribute("role", "img");
    live.setAttribute("aria-label", still.getAttribute("aria-label"));
    live.hidden = false;
    still.classList.add("replaced");
  });
});
