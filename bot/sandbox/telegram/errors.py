"""What the server answers when it refuses a call."""


class ApiError(Exception):
    """A refusal: HTTP status, Telegram's words and, where it gives them, `ResponseParameters`."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(words: str) -> ApiError:
    """400 with `words` behind Telegram's prefix; the server writes their first letter small."""
    code_like = len(words) > 1 and (words[1] == "_" or words[1].isupper())
    text = words if code_like else words[:1].lower() + words[1:]
    return ApiError(400, f"Bad Request: {text}")
