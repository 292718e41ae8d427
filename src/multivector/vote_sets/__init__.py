"""Vote sets, one per file; each module holds one instance of VoteSet."""
