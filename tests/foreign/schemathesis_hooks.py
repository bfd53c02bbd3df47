"""What schemathesis cannot send by itself: a letter is bytes, whatever it made of the schema."""
import schemathesis


@schemathesis.serializer("message/rfc822")
def letter(_context, value):
    if isinstance(value, list):
        return bytes(one % 256 for one in value if isinstance(one, int))
    return value if isinstance(value, bytes) else str(value).encode()
