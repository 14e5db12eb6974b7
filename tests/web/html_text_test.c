#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "web/html_text.h"

void html_text_suite(void);

/* Cleaning gives the second, and cleaning that gives it again. */
static void
check(const char *html, const char *expected)
{
	struct arena *a = arena_new();
	const char *once = html_text(a, html), *twice;

	CU_ASSERT_PTR_NOT_NULL_FATAL(once);
	twice = html_text(a, once);
	CU_ASSERT_STRING_EQUAL(once, expected);
	if (strcmp(once, expected) != 0)
		printf("\n  %s\n  gave %s\n  not  %s\n", html, once, expected);
	CU_ASSERT_PTR_NOT_NULL_FATAL(twice);
	CU_ASSERT_STRING_EQUAL(twice, once);
	arena_free(a);
}

static void
what_is_safe_stays(void)
{
	check("<p>A <em>b</em> <strong>c</strong><br>d</p>"
	      "<ul><li>x</li><li><code>y</code></li></ul>",
	    "<p>A <em>b</em> <strong>c</strong><br>d</p>\n"
	    "<ul><li>x</li>\n<li><code>y</code></li>\n</ul>\n");
	check("<h3>T</h3><blockquote><p>q</p></blockquote><pre> a\n b</pre>",
	    "<h3>T</h3>\n<blockquote><p>q</p>\n</blockquote>\n"
	    "<pre> a\n b</pre>\n");
	check("<ol><li>1<ul><li>a</ul><li>2</ol>",
	    "<ol><li>1<ul><li>a</li>\n</ul>\n</li>\n<li>2</li>\n</ol>\n");
	check("<b>b</b> <i>i</i>", "<p><strong>b</strong> <em>i</em></p>\n");
}

static void
of_everything_else_only_the_text_stays(void)
{
	check("<div onclick=x()>a<span style='color:red'>b</span></div><h1>c",
	    "<p>ab</p>\n<p>c</p>\n");
	check("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
	    "<p>a</p>\n<p>b</p>\n");
	check("<img src=x onerror=alert(1)>x", "<p>x</p>\n");
	check("<p class=a id=b onmouseover=c>x</p>", "<p>x</p>\n");
	check("<form><input value=v><button>Go</button></form>", "<p>Go</p>\n");
}

static void
of_scripts_and_the_like_nothing_stays(void)
{
	check("a<script>alert('x')</script>b", "<p>ab</p>\n");
	check("<style>p{}</style><title>t</title><p>x", "<p>x</p>\n");
	check("<iframe src=//e>inner</iframe><p>x", "<p>x</p>\n");
	check("<svg><script>x</script><a xlink:href='javascript:x'>y</a></svg>",
	    "");
	check("<!-- <script> --><p>x<!--y--></p>", "<p>x</p>\n");
	check("<scr<script>ipt>alert(1)</script>", "<p>ipt&gt;alert(1)</p>\n");
}

static void
text_is_escaped_again(void)
{
	check("&lt;script&gt;x&lt;/script&gt; &amp;lt; \"'",
	    "<p>&lt;script&gt;x&lt;/script&gt; &amp;lt; "
	    "&quot;&#39;</p>\n");
	check("caf&eacute; &#x1F600;\x01\x7f", "<p>café 😀</p>\n");
}

static void
only_addresses_that_may_be_followed_stay(void)
{
	check("<a href=\"https://e.org/?a=1&amp;b=2\" target=_blank>x</a>",
	    "<p><a href=\"https://e.org/?a=1&amp;b=2\" "
	    "rel=\"nofollow noopener\">x</a></p>\n");
	check("<a href='mailto:a@b.c'>m</a>",
	    "<p><a href=\"mailto:a@b.c\" rel=\"nofollow noopener\">m</a>"
	    "</p>\n");
	check("<a href='javascript:alert(1)'>x</a>", "<p>x</p>\n");
	check("<a href=' jAvA&#10;script:alert(1)'>x</a>", "<p>x</p>\n");
	check("<a href='data:text/html,x'>x</a><a href=//e>y</a><a>z</a>",
	    "<p>xyz</p>\n");
	check("<a href='https://e/\"onclick=x'>x</a>",
	    "<p><a href=\"https://e/&quot;onclick=x\" "
	    "rel=\"nofollow noopener\">x</a></p>\n");
}

static void
tags_stand_where_html_allows_them(void)
{
	check("<em><p>a</p><h3>b</h3></em>", "<p><em>ab</em></p>\n");
	check("<ul>loose<p>b</p><li>c</ul>",
	    "<ul><li>loose</li>\n<li><p>b</p>\n</li>\n<li>c</li>\n</ul>\n");
	check("<li>a<li>b", "<p>a</p>\n<p>b</p>\n");
	check("a<p>b</p>c", "<p>a</p>\n<p>b</p>\n<p>c</p>\n");
	check("<a href=http://a>x<a href=http://b>y</a></a>",
	    "<p><a href=\"http://a\" rel=\"nofollow noopener\">x</a>"
	    "<a href=\"http://b\" rel=\"nofollow noopener\">y</a></p>\n");
}

static void
what_is_empty_is_left_out(void)
{
	check("", "");
	check(" \n ", "");
	check("<p></p><p> </p><ul><li></li></ul><em></em><br>", "");
	check("<p>x<em> </em></p>", "<p>x</p>\n");
}

static void
a_declared_encoding_is_not_believed(void)
{
	check("<meta charset=iso-8859-1><p>é</p>", "<p>é</p>\n");
	check("<?xml version='1.0' encoding='utf-7'?><p>+ADw-é</p>",
	    "<p>+ADw-é</p>\n");
}

static void
depth_and_size_have_limits(void)
{
	struct arena *a = arena_new();
	char *s = arena_alloc(a, HTML_TEXT_MOST + 2);
	size_t n = 0;

	while (n < 60000) {
		memcpy(s + n, "<blockquote>", 12);
		n += 12;
	}
	memcpy(s + n, "deep", 5);
	CU_ASSERT_PTR_NOT_NULL(html_text(a, s));
	memset(s, '&', HTML_TEXT_MOST);
	CU_ASSERT_PTR_NULL(html_text(a, s));
	CU_ASSERT_PTR_NULL(html_lines(a, s));
	memset(s, 'x', HTML_TEXT_MOST + 1);
	CU_ASSERT_PTR_NULL(html_text(a, s));
	CU_ASSERT_PTR_NULL(html_text(a, "\xff"));
	CU_ASSERT_PTR_NULL(html_lines(a, "\xc0\x80"));
	arena_free(a);
}

static void
lines_become_paragraphs(void)
{
	struct arena *a = arena_new();

	CU_ASSERT_STRING_EQUAL(
	    html_lines(a, "\n\nOne <b>\r\ntwo\r\n \t\r\n\r\nthree & four\n"),
	    "<p>One &lt;b&gt;<br>\ntwo</p>\n<p>three &amp; four</p>\n");
	CU_ASSERT_STRING_EQUAL(html_lines(a, ""), "");
	CU_ASSERT_STRING_EQUAL(html_lines(a, " \n"), "");
	CU_ASSERT_STRING_EQUAL(html_lines(a, "a\rb"), "<p>a<br>\nb</p>\n");
	arena_free(a);
}

void
html_text_suite(void)
{
	CU_pSuite s = CU_add_suite("html_text", NULL, NULL);

	CU_ADD_TEST(s, what_is_safe_stays);
	CU_ADD_TEST(s, of_everything_else_only_the_text_stays);
	CU_ADD_TEST(s, of_scripts_and_the_like_nothing_stays);
	CU_ADD_TEST(s, text_is_escaped_again);
	CU_ADD_TEST(s, only_addresses_that_may_be_followed_stay);
	CU_ADD_TEST(s, tags_stand_where_html_allows_them);
	CU_ADD_TEST(s, what_is_empty_is_left_out);
	CU_ADD_TEST(s, a_declared_encoding_is_not_believed);
	CU_ADD_TEST(s, depth_and_size_have_limits);
	CU_ADD_TEST(s, lines_become_paragraphs);
}
