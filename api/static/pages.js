// What script adds to every page: forms are sent without leaving it, and what others change shows by itself.
//
// How a page is made so that this works (nothing else is needed, and without script it is complete all the same):
// - What it shows stands in <main>, in sections with an id or aria-labelledby. Rows (tr, li, .card) are known by their id,
//   else by their first link, forms by their action; whatever else has an id is known by that, and the rest by its place.
// - What is equal is left alone; so are an open <details>, a form that somebody is filling in, what script has shown or
//   hidden, every <output>, and what has data-keep.
// - Every form with method="post" is sent by fetch, but for files, signing in and out, and what has data-plain. The
//   answer is a redirect to a page, or a page that says in #trouble what is wrong.
// - <body data-plain>: no form of this page is sent by fetch.
// - A section with data-whistle calls somebody: a new row in it may be heard.
// - <body data-still> is a page that does not change by itself.
// - The time slider of a page of now says where it is once it is opened.
// - After each change the document hears of "patched".
import "./forms.js";
import "./live.js";
import "./looking.js";

document.querySelector("details.look-back")?.addEventListener("toggle", () => import("./slider.js"), { once: true });
