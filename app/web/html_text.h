#ifndef WEB_HTML_TEXT_H
#define WEB_HTML_TEXT_H

struct arena;

/*
 * Text that came from elsewhere, as HTML that may be shown with {{{ }}}.
 *
 * What is left of HTML: p br ul ol li em strong code pre blockquote h3 h4, and
 * a with an http, https or mailto address, never followed by search engines.
 * Of everything else only the text stays, of script and style and the like not
 * even that.  Tags are closed and stand where HTML allows them; loose text
 * becomes paragraphs; what is empty is left out.  Cleaning twice changes
 * nothing.
 *
 * NULL when it is not UTF-8 or over HTML_TEXT_MOST bytes, before or after.
 */
enum { HTML_TEXT_MOST = 256 * 1024, HTML_TEXT_DEPTH = 32 };
const char *html_text(struct arena *, const char *html);

/* Plain text: blank lines part paragraphs, a single line break is a <br>. */
const char *html_lines(struct arena *, const char *plain);

#endif
