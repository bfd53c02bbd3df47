# The knowledge base

permission-hotline-knowledge-read = Read the hotline's knowledge base and say whether an answer helped
permission-hotline-knowledge-write = Write, renew and withdraw answers of organisations in scope
permission-hotline-knowledge-publish = Review and publish answers that somebody else wrote, for organisations in scope

hotline-menu-answers = Questions
hotline-menu-knowledge = Hotline knowledge

## Audit

action-hotline-knowledge-written = Wrote an answer
action-hotline-knowledge-submitted = Gave an answer to review
action-hotline-knowledge-taken-back = Took an answer back from review
action-hotline-knowledge-returned = Returned an answer to its writer
action-hotline-knowledge-published = Published an answer
action-hotline-knowledge-discarded = Discarded a draft answer
action-hotline-knowledge-renewed = Asked to renew an answer
action-hotline-knowledge-withdrawn = Withdrew an answer
action-hotline-knowledge-expired = An answer expired
action-hotline-knowledge-handed-over = Handed an answer to another owner
action-hotline-knowledge-imported = Imported answers
action-hotline-knowledge-remarked = Said that an answer is wrong
action-hotline-knowledge-remark-settled = Settled a remark on an answer
action-hotline-knowledge-gap-closed = Closed a gap of the knowledge base

## Words

hotline-knowledge-question = Question
hotline-knowledge-aliases = Other ways of asking
hotline-knowledge-short-answer = Short answer
hotline-knowledge-answer = Full answer
hotline-knowledge-keywords = Keywords
hotline-knowledge-service = Service
hotline-knowledge-audience = Who may read it
hotline-knowledge-audience-public = Public
hotline-knowledge-audience-internal = Internal
hotline-knowledge-from-on = Valid from
hotline-knowledge-expires-on = Expires on
hotline-knowledge-term = Term
hotline-knowledge-term-span = from { $from }, expires on { $to }
hotline-knowledge-until = expires { $day }
hotline-knowledge-organisation = Responsible organisation
hotline-knowledge-owner = Owner
hotline-knowledge-owner-new = New owner
hotline-knowledge-changed-at = Last change
hotline-knowledge-version-n = Version { $n }
hotline-knowledge-version-title = Version { $n }
hotline-knowledge-versions = Versions
hotline-knowledge-uses = Times it answered a call in 30 days
hotline-knowledge-public-page = What the public sees
hotline-knowledge-state-revising = Being revised
hotline-knowledge-state-revision-review = Revision in review

## Search

hotline-knowledge-title = Hotline knowledge
hotline-knowledge-search-label = What the caller asks
hotline-knowledge-search-hint = Type it as the caller says it, for example 社保卡丢了
hotline-knowledge-search-start = Answers appear while you type, the closest first.
hotline-knowledge-none-hint = Try fewer words. What finds nothing after you press Search goes on the list of gaps, for the department to write.
hotline-knowledge-write-this = Write the answer
hotline-knowledge-write = Write an answer
hotline-knowledge-to-entries = All answers
hotline-knowledge-to-gaps = Gaps
hotline-knowledge-to-search = Search
hotline-knowledge-to-entry = Back to the answer
hotline-knowledge-used = I answered with this
hotline-knowledge-used-done = Counted
hotline-knowledge-empty = The knowledge base is empty
hotline-knowledge-empty-hint = Begin with what people call about most, or import many answers from one table. Once published, agents find them while they listen, and the public reads them too.
hotline-knowledge-empty-reader = You can search here once departments have published answers.

## List

hotline-knowledge-entries-title = All answers
hotline-knowledge-filter-text = Question or keyword
hotline-knowledge-filter-expiring = Expires within 30 days, or has
hotline-knowledge-none = No answer fits
hotline-knowledge-none-filter-hint = Ask for less.
hotline-knowledge-owner-gone = The owner has left

## One answer

hotline-knowledge-expired-title = It has expired and is no longer given
hotline-knowledge-expired-text = If it is still right, renew it; if things have changed, edit it; if nobody needs it, withdraw it.
hotline-knowledge-owner-gone-text = The owner's account is suspended or has moved elsewhere. Until somebody else is the owner, colleagues who may write see its to-dos. Please hand it over.
hotline-knowledge-own-title = Waits for a colleague
hotline-knowledge-changed-title = What changes against the published version
hotline-knowledge-changed-since = What changed against version { $n }
hotline-knowledge-changed-none = Nothing.
hotline-knowledge-reason-given = Why: { $reason }
hotline-knowledge-review-title = Review
hotline-knowledge-review-text = Make sure that it is right and that what it rests on is in force. Once published, agents answer so in the name of { $organisation }.
hotline-knowledge-publish = Publish
hotline-knowledge-return = Return for changes
hotline-knowledge-return-note = What has to change
hotline-knowledge-return-note-hint = The writer sees it in the to-do list. At least 4 characters.
hotline-knowledge-submit = Give to review
hotline-knowledge-take-back = Take back to edit
hotline-knowledge-renew = Renew
hotline-knowledge-withdraw = Withdraw
hotline-knowledge-withdraw-reason = Why
hotline-knowledge-withdraw-hint = It leaves the search and the public's pages for good; if it is needed again, write a new one. At least 4 characters.
hotline-knowledge-discard = Discard the draft
hotline-knowledge-discard-text = The draft no longer waits for anybody, and what is published stays. An answer that was never published goes with its draft.
hotline-knowledge-hand-over = Hand over
hotline-knowledge-remark = It is wrong or out of date
hotline-knowledge-remark-what = What is wrong
hotline-knowledge-remark-hint = It goes to the owner. Leave out the caller's name and numbers. At least 4 characters.
hotline-knowledge-remark-send = Tell the owner
hotline-knowledge-remarks-title = What agents say
hotline-knowledge-remark-closed-by = Settled by { $name }, { $at }
hotline-knowledge-settle = Settle this remark
hotline-knowledge-settle-reply = What came of it
hotline-knowledge-settle-hint = For example: checked, the answer is right; or: changed, waits to be published. At least 4 characters.

hotline-knowledge-step-written = Version { $version } written
hotline-knowledge-step-submitted = Version { $version } given to review
hotline-knowledge-step-taken-back = Version { $version } taken back
hotline-knowledge-step-returned = Version { $version } returned
hotline-knowledge-step-published = Version { $version } published
hotline-knowledge-step-renewed = Renewal asked for (version { $version })
hotline-knowledge-step-discarded = Draft { $version } discarded
hotline-knowledge-step-expired = Version { $version } expired
hotline-knowledge-step-withdrawn = Version { $version } withdrawn
hotline-knowledge-step-handed-over = Handed over (version { $version })

## Forms

hotline-knowledge-new-title = Write an answer
hotline-knowledge-edit-title = Edit an answer
hotline-knowledge-vouches = Who vouches for the answer
hotline-knowledge-choose-organisation = Choose this organisation
hotline-knowledge-question-hint = One question, as callers ask it; up to 200 characters.
hotline-knowledge-aliases-hint = One a line, up to 20 lines of 100 characters. Nicknames, former names and dialect make it easier to find.
hotline-knowledge-short-answer-hint = What is said on the line; up to 200 characters.
hotline-knowledge-answer-hint = Conditions, papers, place, time, cost and legal basis, a line each; up to 4,000 characters.
hotline-knowledge-keywords-hint = With a space or comma between, up to 20.
hotline-knowledge-service-hint = An address of this site that begins with /. May be left empty.
hotline-knowledge-expires-on-hint = From this day on it is no longer given; two years at most. The owner is reminded 30 and 7 days before.
hotline-knowledge-owner-hint = Reminders and what agents say go to the owner.
hotline-knowledge-reason = Why it changes
hotline-knowledge-reason-hint = For the reviewer, for example: new rules, one paper less. At least 4 characters.
hotline-knowledge-save-submit = Save and give to review
hotline-knowledge-well-written = A good answer
hotline-knowledge-well-written-1 = says first whether and where it can be done, then how.
hotline-knowledge-well-written-2 = uses no phrases of documents and no short names of offices, and gives numbers, times and costs.
hotline-knowledge-well-written-3 = leaves out what is uncertain, and says whose rule counts where counties differ.

hotline-knowledge-renewal-title = Renew
hotline-knowledge-renewal-text = Read it through first. If it is still right, say until when; a colleague checks it before it counts. If things have changed, edit it instead.
hotline-knowledge-renewal-reason = How it was checked
hotline-knowledge-renewal-reason-hint = Say why it is still right. At least 4 characters.
hotline-knowledge-renewal-submit = Ask for renewal
hotline-knowledge-renewal-edit = Edit instead

## Gaps

hotline-knowledge-gaps-title = Gaps
hotline-knowledge-gaps-text = What agents searched for in the last 90 days and found nothing, the most frequent first. Long numbers are masked.
hotline-knowledge-gaps-none = Nothing was searched in vain
hotline-knowledge-gaps-none-hint = What agents search for and do not find stands here, so that somebody writes it.
hotline-knowledge-gap-text = Searched for
hotline-knowledge-gap-searches = Searches
hotline-knowledge-gap-days = Days
hotline-knowledge-gap-last = Last
hotline-knowledge-gap-close = Seen to

## Import

hotline-knowledge-import = Import
hotline-knowledge-import-title = Import answers
hotline-knowledge-import-file = Choose a table
hotline-knowledge-import-file-hint = A CSV file in UTF-8 or GB18030 with the names of the columns in its first line, up to { $rows } rows and 4 MB. Rows that are right become drafts; the others are listed, to be mended and imported again.
hotline-knowledge-import-submit = Import as drafts
hotline-knowledge-import-template = Download a template
hotline-knowledge-import-columns = The columns
hotline-knowledge-import-refused = Nothing was imported
hotline-knowledge-import-done = { $n } answers imported, all as drafts
hotline-knowledge-import-next = Check each and give it to review.
hotline-knowledge-import-some = { $n } answers imported, { $wrong } rows left out
hotline-knowledge-import-mend = Mend these rows and put only them into a new file, so that nothing comes twice.
hotline-knowledge-import-faults = Rows left out
hotline-knowledge-import-row = Row
hotline-knowledge-import-column = Column
hotline-knowledge-import-fault = What is wrong
hotline-knowledge-import-drafts = See the drafts
hotline-knowledge-import-another = Import another file

hotline-knowledge-column-question = The question, needed, up to 200 characters
hotline-knowledge-column-aliases = Other ways of asking, with | between
hotline-knowledge-column-short-answer = The short answer, needed, up to 200 characters
hotline-knowledge-column-answer = The full answer, needed, up to 4,000 characters; line breaks in a cell are kept
hotline-knowledge-column-organisation = The code of the responsible organisation, needed, for example NT-RS
hotline-knowledge-column-owner = The name of the owner, who works there; empty: whoever imports
hotline-knowledge-column-keywords = Keywords, with a space between
hotline-knowledge-column-service = An address of this site that begins with /
hotline-knowledge-column-audience = public or internal; empty: public
hotline-knowledge-column-from-on = The first day, for example 2026-11-22; empty: today
hotline-knowledge-column-expires-on = The day of expiry; empty: in a year

hotline-knowledge-example-question = 社保卡丢了怎么办？
hotline-knowledge-example-aliases = 社保卡遗失|社会保障卡补办
hotline-knowledge-example-short-answer = 先打 12333 挂失，再带身份证到社保卡服务网点或合作银行补办。
hotline-knowledge-example-answer = 先拨打 12333 或在手机上挂失，再带身份证补办。
hotline-knowledge-example-organisation = NT-RS
hotline-knowledge-example-owner = { "" }
hotline-knowledge-example-keywords = 社保卡 挂失 补办
hotline-knowledge-example-service = /services
hotline-knowledge-example-audience = public
hotline-knowledge-example-from-on = { "" }
hotline-knowledge-example-expires-on = { "" }

## To do

hotline-knowledge-todo-review = Review an answer: { $question }
hotline-knowledge-todo-returned = Mend an answer that was returned: { $question }
hotline-knowledge-todo-remark = Look into what an agent says of: { $question }
hotline-knowledge-todo-expiring = Expires within 30 days: { $question }
hotline-knowledge-todo-expiring-soon = Expires within 7 days: { $question }
hotline-knowledge-todo-expired = Has expired, renew or withdraw it: { $question }

## The public

hotline-answers-title = Questions and answers
hotline-answers-search = Search questions and answers
hotline-answers-search-hint = What would you like to know? For example 社保卡丢了
hotline-answers-none-hint = Try fewer words, or call 12345: an agent will look for you.
hotline-answers-empty = No public answers yet
hotline-answers-empty-hint = They stand here once departments publish them. If you have a question now, call 12345.
hotline-answers-organisations = By department
hotline-answers-still = Still have a question? Call 12345, day and night.
hotline-answer-service = Start
hotline-answer-source = Answered by { $organisation }, valid from { $from }, to be checked again before { $to }.
hotline-answer-near = You may also want to ask

## Errors

error-hotline-knowledge-too-long = No more than { $max } characters; shorten it
error-hotline-knowledge-too-many = No more than { $max }; leave some out
error-hotline-knowledge-path = An address of this site that begins with /, for example /services
error-hotline-knowledge-expiry-past = The day of expiry must be later than today
error-hotline-knowledge-expiry-before = The day of expiry must be later than the first day
error-hotline-knowledge-expiry-far = Two years at most; renew it then
error-hotline-knowledge-from-later = A published answer cannot be made valid only later, or there would be none until then. Say today or earlier, and publish it on the day
error-hotline-knowledge-owner = Choose somebody who works for this organisation
error-hotline-knowledge-owner-named = Nobody of this name works there, or more than one. Check the name; empty makes whoever imports the owner, if he works there
error-hotline-knowledge-organisation = There is no organisation of this code, or you may not write for it
error-hotline-knowledge-audience = Say public or internal
error-hotline-knowledge-note-short = At least { $min } characters, so that colleagues understand
error-hotline-knowledge-not-open = It is in review or withdrawn and cannot be edited now. Take it back from review first.
error-hotline-knowledge-not-draft = There is no draft to give to review; a colleague may have done so. Reload the page.
error-hotline-knowledge-not-in-review = It is not in review; a colleague may have seen to it. Reload the page.
error-hotline-knowledge-not-renewable = It cannot be renewed now: it was never published, is withdrawn, or is being revised. In a revision, change the day of expiry there.
error-hotline-knowledge-not-given = It is not given now; it may have been withdrawn. Reload the page.
error-hotline-knowledge-expired-unpublished = The day of expiry of this version is past. Return it, so that its writer changes the day.
error-hotline-knowledge-remark-closed = A colleague has settled this remark.
error-hotline-knowledge-file-none = Choose a CSV file first.
error-hotline-knowledge-file-encoding = The file is neither UTF-8 nor GB18030. Save it as CSV UTF-8 in your spreadsheet and import it again.
error-hotline-knowledge-file-csv = The file is no complete CSV; a quotation mark may be missing. Fill in the template anew.
error-hotline-knowledge-file-columns = The first line lacks columns: question, short_answer, answer, organisation. Use the template.
error-hotline-knowledge-file-long = The file has too many rows. Import it in parts.
error-hotline-knowledge-file-empty = The file has names of columns but no rows.
