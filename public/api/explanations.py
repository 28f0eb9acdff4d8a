"""What each kind of problem means, and what to do: the page under /api/docs/problems/ says it."""

from django.utils.translation import gettext_lazy as _

# kind (public.api.problems.TITLES) → what it means, what to do
EXPLANATIONS = {
    "bad-request": (
        _("The request as a whole makes no sense: a header is missing or broken."),
        _("Read “detail”, which says what is missing, and compare the request with the guide."),
    ),
    "bad-value": (
        _("A parameter is known, but not with this value. An empty list would look as if there "
          "were nothing, so it is refused instead."),
        _("“errors” names each parameter and, where they can be listed, the values that are "
          "possible. Codes are in the lists of reference data."),
    ),
    "unknown-parameter": (
        _("The address has a parameter that this list does not know, often a mistyped one. It is "
          "not passed over, because then you would get more than you asked for."),
        _("“errors” names it, with the parameters that there are."),
    ),
    "bad-body": (
        _("What was sent is not a JSON object of values and lists of values."),
        _("Send one flat JSON object in UTF-8, a value for each column."),
    ),
    "invalid": (
        _("The request was understood, but the record would not be right. Nothing was saved."),
        _("“errors” names each field with what is wrong. Mend them and send the request again; "
          "the same Idempotency-Key may be used."),
    ),
    "not-signed-in": (
        _("Drafts are not public. The token is missing, mistyped, expired or revoked; the answer "
          "is the same for all of these."),
        _("Send “Authorization: Bearer rh_…”. Ask the secretariat for a new token if it does not "
          "help."),
    ),
    "not-allowed": (
        _("The token is valid, but not for this kind of record or this action, or the record is "
          "approved or published and closed for changes."),
        _("Ask the secretariat: it can issue another token, or take the record back to draft."),
    ),
    "not-found": (
        _("There is nothing public under this address. That a record exists, but is not public, "
          "is never told."),
        _("Check the code. The page of a list may also be behind the last one: follow the links "
          "of the answers instead of counting."),
    ),
    "withdrawn": (
        _("The record was public once and the secretariat has withdrawn it. Only its code and the "
          "time are told."),
        _("Delete your copy."),
    ),
    "method-not-allowed": (
        _("This address cannot be asked with this method."),
        _("The header “Allow” names those that it takes. What is published is only read; drafts "
          "are written under /api/v1/drafts/."),
    ),
    "not-acceptable": (
        _("The header “Accept” asks for formats that this address does not have."),
        _("Send “Accept: application/json”, or no such header."),
    ),
    "changed-meanwhile": (
        _("Somebody else has changed the draft since you read it, or has taken its code."),
        _("Read it again, compare, and send your change with the new ETag in If-Match."),
    ),
    "version-needed": (
        _("A change must say which version it changes, so that nobody's work is overwritten "
          "unseen."),
        _("Read the draft first and send its ETag in If-Match."),
    ),
    "too-large": (
        _("More was sent than a record can hold."),
        _("Send one record a request; “detail” says how many bytes are taken."),
    ),
    "unsupported-media-type": (
        _("What was sent is not declared as JSON."),
        _("Send “Content-Type: application/json”."),
    ),
    "too-many-requests": (
        _("Your address has made more requests in this minute than it may."),
        _("Wait as many seconds as “Retry-After” says. Larger pages, NDJSON and the files under "
          "/data/ need fewer requests; the RateLimit headers say how many are left."),
    ),
    "failed": (
        _("The mistake is ours, and it has been logged."),
        _("Try again later; if it stays, tell the secretariat the address and the time."),
    ),
    "unavailable": (
        _("The site cannot reach its database for a moment, for example during an upgrade."),
        _("Try again after as many seconds as “Retry-After” says."),
    ),
}  # fmt: skip
