"""How the lesson looks on a projector, and which keys it hears wherever the cursor stands."""

LARGE = """
<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }
[data-testid="stMain"] h3 { font-size: 1.9rem; line-height: 1.22; padding: 0 0 0.5rem 0; }
[data-testid="stMain"] [data-testid="stMarkdownContainer"] p,
[data-testid="stMain"] [data-testid="stMarkdownContainer"] li { font-size: 1.55rem; line-height: 1.3; }
[data-testid="stMain"] [data-testid="stCaptionContainer"] p { font-size: 1.3rem; }
[data-testid="stMain"] button p { font-size: 1rem !important; }
[data-testid="stMain"] table { font-size: 1.3rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-lesson-keys) { display: none; }
[data-testid="stMain"] [data-testid="stMetricLabel"] p { font-size: 1.2rem; white-space: normal; }
[data-testid="stMain"] [data-testid="stMetricValue"] * { font-size: 3.4rem !important; line-height: 1.1; }
[data-testid="stMainBlockContainer"] { padding-top: 4.4rem; }
[data-testid="stMain"] input { font-size: 1.3rem; }
[data-testid="stMain"] .st-key-lesson-next button { min-height: 3rem; }
.st-key-lesson-scores td { white-space: nowrap; }
.st-key-lesson-scores [data-testid="stMarkdownContainer"] { overflow-x: auto; }
@container main (max-width: 1150px) {
  [data-testid="stHorizontalBlock"]:has(.st-key-lesson-scores) { flex-wrap: wrap; }
  [data-testid="stHorizontalBlock"]:has(.st-key-lesson-scores) > [data-testid="stColumn"] {
    min-width: 100%; }
}
@container main (max-width: 700px) {
  [data-testid="stMain"] .st-key-lesson-scores table { font-size: 0.8rem; }
  [data-testid="stMain"] .st-key-lesson-scores :is(th, td) {
    padding: 0.2rem 0.15rem; white-space: normal; }
  [data-testid="stMain"] .st-key-lesson-scores th { overflow-wrap: anywhere; hyphens: auto; }
}
</style>
"""
"""Levers are put away, and letters are those of a projector."""

KEYS = """
<script>
(() => {
  if (window.lessonKeys) return;
  window.lessonKeys = true;
  const buttons = { PageDown: "lesson-next", PageUp: "lesson-back" };
  window.addEventListener("keydown", event => {
    const field = document.activeElement;
    const isPlain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing);
    if (!isPlain || event.repeat || !field || !field.matches("input, textarea, select")) return;
    const isName = event.key === "Enter" && field.closest(".st-key-lesson-who");
    const key = isName ? "lesson-hand-in" : buttons[event.key];
    const button = () => key && document.querySelector(`.st-key-${key} button:not([disabled])`);
    if (!button()) return;
    event.preventDefault();
    event.stopPropagation();
    field.blur();
    setTimeout(() => button()?.click(), 60);
  }, true);
})();
</script>
"""
"""Page keys from within a field, where a shortcut of Streamlit's does not reach: leaving the field sends what
stands in it, then the button is pressed. Enter after the initials hands in."""
